// Asks the fleet with OpenAI's own client: a whole answer, a streamed one, and embeddings.
//
//   npm ci
//   OPENAI_BASE_URL=http://127.0.0.1:8080/v1 OPENAI_API_KEY=$(cat ../../.fleet/api-key) npm start
//
// The client reads these two variables itself: nothing here knows of the fleet.
import { randomUUID } from "node:crypto";
import OpenAI from "openai";

const model = process.env.MODEL ?? "builtin-minilm";
const question = "A queue keeps messages until they are read. What does a queue keep?";
const messages = [{ role: "user", content: question }];

const client = new OpenAI();

const whole = await client.chat.completions.create(
  { model, messages },
  // However often it is sent with this key, it is one task and one call of a model.
  { idempotencyKey: randomUUID() },
);
console.log("whole:", whole.choices[0].message.content);

process.stdout.write("streamed: ");
const stream = await client.chat.completions.create({ model, messages, stream: true });
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
}
process.stdout.write("\n");

const embeddings = await client.embeddings.create({ model, input: [question, "Good morning."] });
console.log(
  "embedded:",
  embeddings.data.map((e) => `${e.embedding.length} numbers`).join(", "),
);
