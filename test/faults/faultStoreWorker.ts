// The store's thread, with points around its file system at which it holds: bundled as `storeWorker.js`.
import './heldFiles';
import '../../engine/io/storeWorker';
