// Answers about files arrive whole and in their order, in pieces of whatever length.
import assert from 'node:assert/strict';
import { AnswerReader, printAnswer } from '../../../engine/io/readFrames';
import type { ReadAnswer } from '../../../engine/ports';

const toRead = (length: number): ReadAnswer => ({
  ...{ kind: 'read', size: length + 7, modified: 1 },
  before: Buffer.from('before'),
  bytes: Buffer.alloc(length, `${length} bytes\n`),
  head: Buffer.from('head'),
});
const answers: readonly ReadAnswer[] = [
  toRead(0),
  { kind: 'missing' },
  toRead(100),
  toRead(70_000),
  { kind: 'failed', message: 'é'.repeat(300) },
  { ...toRead(0), before: Buffer.alloc(0), head: Buffer.alloc(0) } as ReadAnswer,
  toRead(200_000),
];

describe('answers about files', () => {
  for (const length of [1, 3, 4, 1000, 65_536, 1 << 20])
    it(`arrive in pieces of ${length} bytes`, () => {
      const written = Buffer.concat(answers.flatMap(printAnswer));
      const reader = new AnswerReader();
      const found: ReadAnswer[] = [];
      for (let at = 0; at < written.length; at += length) {
        reader.push(written.subarray(at, at + length));
        for (let answer = reader.next(); answer; answer = reader.next()) found.push(answer);
      }
      assert.deepEqual(found.map(toPlain), answers.map(toPlain));
    });
});

const toPlain = (answer: ReadAnswer): unknown =>
  answer.kind === 'read'
    ? {
        ...answer,
        before: Buffer.from(answer.before).toString(),
        bytes: Buffer.from(answer.bytes).toString(),
        head: Buffer.from(answer.head).toString(),
      }
    : answer;
