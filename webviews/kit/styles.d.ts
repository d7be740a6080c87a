// Styles are imported where they are used; the build puts those of a page into one file beside it.
declare module '*.css';
