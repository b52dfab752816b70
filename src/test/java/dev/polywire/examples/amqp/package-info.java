/** The six tutorials of docs/amqp.md, each a verticle: {@link dev.polywire.examples.amqp.Hello} first. */
package dev.polywire.examples.amqp;
