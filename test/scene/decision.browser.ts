/** Issue 3's scene, point 3, on SQLite. */
import { testDecisions } from "./decision-scene.ts";
import { useScene } from "./scene-page.ts";

testDecisions(useScene());
