/** The program: reads a configuration, starts its parts, stops them in order. Start with {@link dev.polywire.app.Main}. */
@NullMarked
package dev.polywire.app;

import org.jspecify.annotations.NullMarked;
