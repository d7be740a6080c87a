// log_event: the message is the event.
import { textOf, type LocalAction } from './action';

export const logEvent: LocalAction = (params) => ({ success: true, result: textOf(params, 'message') ?? '' });
