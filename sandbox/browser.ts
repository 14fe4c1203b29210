import { spawn } from 'node:child_process';

/** Opens the page where a person sits before a display; elsewhere the printed address has to do. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv, isTerminal: boolean): void {
  const command = isTerminal && !env.CI ? commandFor(process.platform, env) : null;
  if (!command) return;
  const child = spawn(command, [url], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}

function commandFor(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | null {
  if (env.SSH_CONNECTION) return null;
  if (platform === 'darwin') return 'open';
  return env.DISPLAY || env.WAYLAND_DISPLAY ? 'xdg-open' : null;
}
