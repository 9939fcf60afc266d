// Jest links CommonJS packages while the ESM graph is still linking: one that requires an ESM-only @nestjs package would
// die with "Cannot require() ES Module … in a cycle". Evaluating these first avoids it.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
