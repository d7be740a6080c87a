// The fake matcher keeps what every matcher promises.
import { inThreadMatcher } from './inThreadMatcher';
import { matcherConformance } from './matcherConformance';

matcherConformance('in the thread', () => inThreadMatcher);
