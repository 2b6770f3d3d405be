/** One place a vehicle comes to. */
export type Visit =
  | { readonly kind: 'stop'; readonly id: string }
  | { readonly kind: 'disposal'; readonly id: string }
  | { readonly kind: 'break'; readonly id: string };

export interface Route {
  readonly vehicleId: string;
  /** In order, without the depots at both ends. */
  readonly visits: readonly Visit[];
}

/** An answer to a problem. A stop that no route serves is left out. */
export interface Plan {
  readonly routes: readonly Route[];
}
