// The fake cluster holds to what every cluster must do.
import { printMessage } from '../../engine/slurm/clusterMail';
import { clusterConformance } from './clusterConformance';
import { createFakeClock } from './fakeClock';
import { FakeCluster } from './fakeCluster';

clusterConformance('fake', () => {
  const clock = createFakeClock();
  const cluster = new FakeCluster(clock);
  return Promise.resolve({
    cluster,
    workdir: '/jobs',
    startsAll: true,
    mailbox: { address: 'me@example.org', read: () => cluster.mails.map(printMessage).join('From fake\n') },
    reopen: () => Promise.resolve(cluster),
    close: () => Promise.resolve(),
    until: async (what, look) => {
      for (let tries = 0; tries < 100; tries++) {
        const found = await look();
        if (found !== undefined && found !== false) return found;
        await clock.advanceTo(clock.now() + 500);
      }
      throw new Error(`Never: ${what}`);
    },
  });
});
