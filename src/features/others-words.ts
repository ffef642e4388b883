/** Tells the next person that something waits here, and nothing of whose it is. */
export function marksOfOthersWords(count: number): string {
  return count === 1
    ? '1 mark of another teacher waits on this device. It goes to Canvas when that teacher signs in here.'
    : `${count.toString()} marks of another teacher wait on this device. They go to Canvas when that teacher signs in here.`;
}
