// What works beside the probe page: it is busy for as long as it is told.
import { answerJobs } from '../../../webviews/kit/answerJobs';

answerJobs((ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return `was busy for ${ms} ms`;
});
