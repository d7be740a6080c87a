// What people read of functions and methods is about exactly those that there are.
import assert from 'node:assert/strict';
import { builtins } from '../../../language/condition/builtins';
import { stringMethods } from '../../../language/condition/methods';
import { functionReference, methodReference } from '../../../language/condition/reference';

describe('the reference of conditions', () => {
  it('has every function', () => {
    assert.deepEqual(Object.keys(functionReference).sort(), [...builtins.keys()].sort());
  });
  it('has every method', () => {
    assert.deepEqual(Object.keys(methodReference).sort(), [...stringMethods.keys()].sort());
  });
});
