/** Finding a WebGPU adapter: apart from the backend itself, so that asking costs no download. */

export async function requestAdapter(): Promise<GPUAdapter | null> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu
  return gpu ? gpu.requestAdapter({ powerPreference: 'high-performance' }) : null
}

/** A software adapter computes right and slowly. */
export function isSoftware(info: GPUAdapterInfo & { isFallbackAdapter?: boolean }): boolean {
  const text = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`.toLowerCase()
  return info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|software|basic render/.test(text)
}
