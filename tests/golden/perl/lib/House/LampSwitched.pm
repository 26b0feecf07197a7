# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::LampSwitched;

use 5.026;
use strict;
use warnings;

use parent 'House::News';

__PACKAGE__->attributes(
    lamp => 'House::Lamp',
    room => 'House::Room',
);

1;

__END__

=encoding utf8

=head1 NAME

House::LampSwitched - the model LampSwitched

=head1 DESCRIPTION

Somebody switched a lamp.

It has also all that a L<House::News> has.

=head1 ATTRIBUTES

=head2 lamp

(L<House::Lamp>) The lamp, as it is now.

=head2 room

(L<House::Room>) The room it hangs in.

=cut
