import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig({
  files: ['src/**/*.ts'],
  extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: {
    // Finesse's desktop stands still while one of these is open; its strict policy forbids the others.
    'no-restricted-globals': ['error', 'alert', 'confirm', 'prompt', 'eval', 'localStorage', 'sessionStorage'],
    'no-restricted-properties': ['error', { property: 'innerHTML' }, { property: 'outerHTML' }],
    '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: ['test'] }],
  },
});
