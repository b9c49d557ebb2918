import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_ENDPOINT, resolveSettings, settingsFromEnvironment } from './settings.js';

const home = mkdtempSync(join(tmpdir(), 'hub-home-'));
afterAll(() => {
  rmSync(home, { recursive: true });
});

describe('settingsFromEnvironment', () => {
  it('reads what Hugging Face reads', () => {
    const env = {
      HF_ENDPOINT: 'http://mirror/x/',
      HF_TOKEN: ' hf_a\n',
      HF_HOME: home,
      HF_HUB_OFFLINE: 'yes',
    };
    expect(settingsFromEnvironment(env)).toEqual({
      endpoint: 'http://mirror/x/',
      token: 'hf_a',
      hfHome: home,
      offline: true,
    });
    expect(resolveSettings({ cacheFolder: home, ...settingsFromEnvironment(env) }).endpoint).toBe(
      'http://mirror/x',
    );
  });

  it('leaves out what is not set, and takes empty for not set', () => {
    const env = { HOME: home, HF_TOKEN: '', HF_ENDPOINT: '', HF_HUB_OFFLINE: '0' };
    const settings = settingsFromEnvironment(env);
    expect(settings).toEqual({
      endpoint: undefined,
      token: undefined,
      hfHome: join(home, '.cache', 'huggingface'),
      offline: false,
    });
    expect(resolveSettings({ cacheFolder: home, ...settings }).endpoint).toBe(DEFAULT_ENDPOINT);
  });

  it('takes the token from its file, after the variable', () => {
    const hfHome = join(home, 'caches', 'huggingface');
    mkdirSync(hfHome, { recursive: true });
    writeFileSync(join(hfHome, 'token'), 'hf_file\n');
    const env = { XDG_CACHE_HOME: join(home, 'caches'), HOME: '/nowhere' };
    expect(settingsFromEnvironment(env)).toMatchObject({ hfHome, token: 'hf_file' });
    expect(settingsFromEnvironment({ ...env, HF_TOKEN: 'hf_b' }).token).toBe('hf_b');
  });
});
