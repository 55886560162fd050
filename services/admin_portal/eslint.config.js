// The rules of `npm run lint` beside Prettier's: Angular's and TypeScript's own, and the layers of the portal.
import js from '@eslint/js';
import angular from 'angular-eslint';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Each layer imports only from itself and from the layers before it. A dynamic import() counts as an import.
const LAYERS = ['core', 'ui', 'shell', 'pages'];
const layerZones = LAYERS.slice(0, -1).map((layer, index) => ({
  target: `./src/app/${layer}`,
  from: [...LAYERS.slice(index + 1).map((higher) => `./src/app/${higher}/**/*`), './src/app/app*.ts'],
  message: `The layers are ${LAYERS.join(' → ')}: ${layer} may not import a later one.`,
}));

export default defineConfig(
  { ignores: ['dist', '.angular', 'src/app/core/schema.d.ts'] },
  {
    files: ['src/**/*.ts'],
    extends: [
      js.configs.recommended,
      tseslint.configs.recommendedTypeChecked,
      angular.configs.tsRecommended,
      importX.flatConfigs.typescript,
    ],
    processor: angular.processInlineTemplates,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.d.ts', '.js'] })] },
    rules: {
      '@angular-eslint/component-selector': [
        'error',
        [
          { type: 'element', prefix: 'cm', style: 'kebab-case' },
          { type: 'attribute', prefix: 'cm', style: 'camelCase' },
        ],
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'import-x/no-restricted-paths': ['error', { zones: layerZones }],
      'import-x/no-cycle': 'error',
    },
  },
  {
    files: ['src/**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
  },
);
