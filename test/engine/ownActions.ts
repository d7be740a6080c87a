// The product's own actions that reach outside, for engines of tests.
import { createActions } from '../../engine/actions/createActions';

export const ownActions = createActions();
