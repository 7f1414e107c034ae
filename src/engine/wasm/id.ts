/** What WASM's micro-run gives in this build, on every machine; whoever changes a kernel's order of sums changes it. */
export const WASM_NUMERICS_ID = 'wasm-f132908af0e9'
