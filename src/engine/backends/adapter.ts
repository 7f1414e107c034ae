/** Finding a WebGPU adapter: apart from the backend itself, so that asking costs no download. */

/**
 * The adapter, with the limits of compatibility mode (128 invocations a workgroup) where there is none with more: on
 * OpenGL ES. `least`: with these in any case. Null if there is none.
 */
export async function requestAdapter(least = false): Promise<GPUAdapter | null> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu
  if (!gpu) return null
  const powerPreference = 'high-performance'
  const core = least ? null : await gpu.requestAdapter({ powerPreference })
  return core ?? gpu.requestAdapter({ powerPreference, featureLevel: 'compatibility' })
}

/** A software adapter computes right and slowly. */
export function isSoftware(info: GPUAdapterInfo & { isFallbackAdapter?: boolean }): boolean {
  const text = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`.toLowerCase()
  return info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|software|basic render/.test(text)
}
