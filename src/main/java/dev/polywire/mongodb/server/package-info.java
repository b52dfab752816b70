/**
 * MongoDB servers for development and tests. A {@link dev.polywire.mongodb.server.SmallMongo} answers by itself and has a small store; a
 * {@link dev.polywire.mongodb.server.CommandDelay} makes it slow where a test wants it to be.
 * Below it, a {@link dev.polywire.mongodb.server.ScriptedMongo} answers as a script decides, wrong answers included: for cases that no
 * real server produces on demand.
 */
@NullMarked
package dev.polywire.mongodb.server;

import org.jspecify.annotations.NullMarked;
