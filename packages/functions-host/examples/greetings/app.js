import { app } from '@azure/functions';
import * as df from 'durable-functions';

df.app.activity('greet', { handler: (name) => `Good morning, ${name}.` });

df.app.orchestration('greetTomorrow', function* (context) {
  const now = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(new Date(now + 24 * 3_600_000));
  return yield context.df.callActivity('greet', context.df.getInput());
});

app.http('greetings', {
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const client = df.getClient(context);
    const id = await client.startNew('greetTomorrow', { input: await request.text() });
    return client.createCheckStatusResponse(request, id);
  },
});
