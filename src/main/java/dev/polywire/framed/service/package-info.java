/**
 * Framed messages on the event bus: {@link dev.polywire.framed.service.FramedService}, the same for the client's verticle
 * and the server's.
 */
@NullMarked
package dev.polywire.framed.service;

import org.jspecify.annotations.NullMarked;
