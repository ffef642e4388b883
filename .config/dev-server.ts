import type { Plugin } from 'vite';

/** Loads the server's own development plugin through Vite, so that an edit of the server needs only a restart of Vite. */
export function serverInDevelopment(): Plugin {
  return {
    name: 'tapmark-server',
    async configureServer(vite) {
      const { attachServer } = (await vite.ssrLoadModule('/src/server/dev.ts')) as {
        attachServer: (server: typeof vite) => Promise<void>;
      };
      await attachServer(vite);
    },
  };
}
