// Requests that the client takes back before their turn are answered so, and not worked on.
import { LSPErrorCodes, ResponseError, type ConnectionStrategy } from 'vscode-languageserver';

/** For answers that had to wait, too: nobody reads them any more. */
export const toCancelled = (): ResponseError =>
  new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');

export const cancellation: ConnectionStrategy = {
  cancelUndispatched: (message) =>
    'id' in message && (typeof message.id === 'number' || typeof message.id === 'string')
      ? { jsonrpc: '2.0', id: message.id, error: toCancelled().toJson() }
      : undefined,
};
