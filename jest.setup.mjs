// Jest links CommonJS packages while the ESM graph is still linking: one that requires an ESM-only @nestjs package would
// die with "Cannot require() ES Module … in a cycle". Evaluating these first avoids it.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
import { jest } from '@jest/globals';
import fc from 'fast-check';

// Far more than any test needs: a busy machine is no failure.
jest.setTimeout(20_000);

// The same inputs in every run, so that a change is what turns a property red; the nightly run sets a seed of its own.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_121) });
