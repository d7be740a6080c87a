// The product's own actions that reach outside, for engines of tests.
import { createFakeClock } from './fakeClock';
import { createFakeNotifications } from './fakeNotifications';

export const ownActions = createFakeNotifications().createActions(createFakeClock());
