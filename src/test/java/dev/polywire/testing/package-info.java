/** What tests of all wings share. */
package dev.polywire.testing;
