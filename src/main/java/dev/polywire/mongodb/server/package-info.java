/**
 * A MongoDB server that answers as a script decides, wrong answers included ({@link
 * dev.polywire.mongodb.server.ScriptedMongo}): for tests of clients, and for cases that no real server produces on demand.
 */
@NullMarked
package dev.polywire.mongodb.server;

import org.jspecify.annotations.NullMarked;
