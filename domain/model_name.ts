/** One name per model: the JSON calls "default" what the CSV export and the page call "auto". */
export function modelName(text: string): string {
  const name = text.trim();
  return name.toLowerCase() === "default" ? "auto" : name;
}
