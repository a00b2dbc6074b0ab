export function App() {
  return <main>wrt</main>;
}
