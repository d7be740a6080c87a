// What a document is called in messages: its file's name.
import { posix } from 'node:path';
import type { TextDocument } from 'vscode';

export const nameOf = ({ uri }: Pick<TextDocument, 'uri'>): string => posix.basename(uri.path);
