import type { Refusal } from "../api";

/** Instead of the pages, for a browser that the head does not know. */
export const SignIn = ({ error }: { error: Refusal }) => (
  <main id="main" class="sign-in">
    <h1>Sign in</h1>
    <p role="alert">{error.message}.</p>
    <p>
      On the machine of the head this command opens the pages, or prints a link that lets one browser in, once:
      <code class="command">seqsweep open</code>
    </p>
    <p>
      On another machine, with a token that an admin of the head gave you:
      <code class="command">seqsweep login {location.origin}</code>
      <code class="command">seqsweep open --head {location.origin}</code>
    </p>
  </main>
);
