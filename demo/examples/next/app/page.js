'use client';

// The form of the search; the model runs on the server, in search/route.js.
import { useState } from 'react';

export default function Page() {
  const [found, setFound] = useState([]);

  async function search(event) {
    event.preventDefault();
    const question = new FormData(event.target).get('question');
    const response = await fetch(`/search?question=${encodeURIComponent(question)}`);
    setFound(await response.json());
  }

  return (
    <form onSubmit={search}>
      <h1>Search</h1>
      <input name="question" aria-label="What for?" defaultValue="young cats" />
      <button type="submit">Search</button>
      <ol>
        {found.map(({ text, score }) => (
          <li key={text}>
            {text} ({score.toFixed(2)})
          </li>
        ))}
      </ol>
    </form>
  );
}
