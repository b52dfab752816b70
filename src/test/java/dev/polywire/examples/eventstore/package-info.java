/** The walk of docs/eventstore.md as a verticle: {@link dev.polywire.examples.eventstore.Ponies}. */
package dev.polywire.examples.eventstore;
