// The builder's page: its state, what is asked of the worker and of the extension when it changes, and what people do.
import './builder.css';
import { startPage, type Page } from '../kit/page';
import { Builder } from './builder';
import type { BuilderProtocol } from './protocol';

startPage<BuilderProtocol>((page: Page<BuilderProtocol>) => {
  new Builder(page).start();
});
