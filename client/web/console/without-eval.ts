import { config } from 'zod';

/**
 * The protocol's schemas come along with its examples. The policy of the page forbids to make code from text, which the
 * schemas would do to be faster; imported before them, this keeps them from trying.
 */
config({ jitless: true });
