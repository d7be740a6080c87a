// What a part of the extension gives back to be ended with it.

export interface Owned {
  dispose(): void;
}
