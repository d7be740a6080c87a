// What a command of the extension is called with.

/** What VS Code hands over: a node and the selection from a tree, a URI from an editor's title, nothing from the palette. */
export type CommandArguments = readonly unknown[];
