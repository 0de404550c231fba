/** The same decisions, unchanged, with the state on DynamoDB. */
import { testDecisions } from "./decision-scene.ts";
import { sceneDynamoDb } from "./dynamodb.ts";
import { useScene } from "./scene-page.ts";

const dynamoDb = sceneDynamoDb();
testDecisions(useScene({ environment: () => dynamoDb.environment() }));
