/**
 * A WebGPU device of our own making, on which both paths run: tfjs neither asks for the optional features and larger
 * limits nor notices a lost device (reference: tfjs-backend-webgpu 4.22.0, base.ts).
 */
import { EngineError } from '../errors.ts'
import { isSoftware, requestAdapter } from './adapter.ts'

const FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const
const LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX'
] as const

export interface OpenedDevice {
  device: GPUDevice
  info: GPUAdapterInfo
  /** shown to the user: vendor and architecture */
  detail: string
  /** a software adapter */
  fallback: boolean
  /** why the device is of no more use; null while it is */
  lost(): string | null
  /** called once when it is lost or reports an error; numbers after an error cannot be trusted */
  onLost(listener: (reason: string) => void): void
  /** closes the device without a word */
  close(): void
}

/** `guaranteed`: with no more than the limits and features that every adapter has. */
export async function openDevice(guaranteed = false): Promise<OpenedDevice> {
  const adapter = await requestAdapter(guaranteed)
  if (!adapter) throw new EngineError('noAdapter', 'no WebGPU adapter was found')
  const device = await adapter.requestDevice(
    guaranteed
      ? {}
      : {
          requiredFeatures: FEATURES.filter(feature => adapter.features.has(feature)),
          requiredLimits: Object.fromEntries(LIMITS.map(name => [name, adapter.limits[name]]))
        }
  )
  let lost: string | null = null
  let closed = false
  const listeners: ((reason: string) => void)[] = []
  const report = (reason: string) => {
    if (lost !== null || closed) return
    lost = reason
    for (const listener of listeners) listener(reason)
  }
  void device.lost.then(info => report(`the GPU device was lost (${info.reason}): ${info.message}`))
  // out of memory, for one, leaves zeros behind
  device.addEventListener('uncapturederror', event => report(`GPU error: ${event.error.message}`))
  const { vendor, architecture, description } = adapter.info
  return {
    device,
    info: adapter.info,
    detail: [vendor, architecture].filter(Boolean).join(' ') || description || 'unknown adapter',
    fallback: isSoftware(adapter.info),
    lost: () => lost,
    onLost: listener => void (lost === null ? listeners.push(listener) : listener(lost)),
    close: () => {
      closed = true
      device.destroy()
    }
  }
}
