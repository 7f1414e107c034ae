/**
 * A later turn of the event loop, by a message to oneself: it comes after those that wait already, and unlike a timer it is
 * neither clamped nor, in a hidden tab, held back. Its channel goes with it: one that stays would keep Node running.
 */
export const hop = () =>
  new Promise<void>(resolve => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
