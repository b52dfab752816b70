/**
 * Many MongoDB connections: the pool of a server ({@link dev.polywire.mongodb.session.MongoPool}), and the monitor that notices
 * when the server is gone ({@link dev.polywire.mongodb.session.ServerMonitor}). Start with {@link dev.polywire.mongodb.session.MongoClient}.
 */
@NullMarked
package dev.polywire.mongodb.session;

import org.jspecify.annotations.NullMarked;
