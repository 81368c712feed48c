import { config } from 'zod';

/**
 * The protocol's examples bring its schemas with them. To be faster, schemas would make code from text, which the
 * page's policy forbids. This module is imported before them and keeps them from trying.
 */
config({ jitless: true });
