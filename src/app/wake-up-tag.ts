/** By which the page and its service worker mean the same wake-up. */
export const wakeUpTag = 'tapmark-marks';
