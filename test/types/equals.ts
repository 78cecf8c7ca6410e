/**
 * Types as tests: the files of this folder are compiled and never run. Code that must not compile
 * stands under `@ts-expect-error`; a type that must hold is an argument of {@link holds}.
 */

/** Whether two types are the same, `readonly` and `?` included. */
export type Equals<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles when its type argument is `true`. */
export declare function holds<_T extends true>(): void
