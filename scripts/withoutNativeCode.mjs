// Keeps native code out of the bundles: ssh2 takes it along where it is compiled, and does without where it is not.

/** @type {import('esbuild').Plugin} */
export const withoutNativeCode = {
  name: 'without native code',
  setup(build) {
    build.onResolve({ filter: /^cpu-features$|\.node$/ }, ({ path }) => ({ path, namespace: 'native' }));
    build.onLoad({ filter: /.*/, namespace: 'native' }, () => ({
      contents: "throw new Error('Nothing native ships.');",
    }));
  },
};
