/** A string that means one kind of thing; `Branded<'Course'>` is not assignable to `Branded<'User'>`. */
export type Branded<Kind extends string> = string & { readonly __kind: Kind };
