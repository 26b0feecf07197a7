# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::HouseObject;

use 5.026;
use strict;
use warnings;

use parent 'House::Runtime::ObservableEntity';

1;

__END__

=encoding utf8

=head1 NAME

House::HouseObject - an object of the API

=cut
