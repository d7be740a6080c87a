// A matcher without a thread: the fake of the matcher's conformance suite.
import { nodeDecoder } from '../../engine/io/decoder';
import { createPlainMatcher } from '../../engine/plainMatcher';

export const inThreadMatcher = createPlainMatcher(nodeDecoder);
