#!/usr/bin/env node
// `npx discador …` in the repository: starts as `npm run discador -- …` does, from the source and with the Node that came with the dependencies.
process.argv.splice(2, 0, 'discador');
await import('../../../tools/bootstrap.mjs');
