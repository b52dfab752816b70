/**
 * A MongoDB server that says what a script tells it, lies included ({@link dev.polywire.mongodb.server.ScriptedMongo}): for
 * tests of clients, and for trying what no real server does on demand.
 */
@NullMarked
package dev.polywire.mongodb.server;

import org.jspecify.annotations.NullMarked;
