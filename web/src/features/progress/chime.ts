const NOTES_HZ = [523.25, 659.25, 783.99, 1046.5] // C E G C

/** Four soft notes, where the browser lets a page make a sound. */
export function chime(): void {
  if (typeof AudioContext === 'undefined') return
  const audio = new AudioContext()
  NOTES_HZ.forEach((hz, index) => {
    const at = audio.currentTime + index * 0.13
    const tone = new OscillatorNode(audio, { type: 'triangle', frequency: hz })
    const volume = new GainNode(audio, { gain: 0 })
    volume.gain.setValueAtTime(0, at)
    volume.gain.linearRampToValueAtTime(0.16, at + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.7)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 0.75)
  })
  setTimeout(() => void audio.close(), 2000)
}
