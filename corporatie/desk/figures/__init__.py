"""The figures of the association: how much, never who.

The one place of the desk that counts rows without asking who looks. That is allowed because nothing leaves this
package but numbers that went through ``suppression``.
"""

from corporatie.desk.figures.counting import Figures, figures
from corporatie.desk.figures.quarters import Quarter
from corporatie.desk.figures.suppression import Cell, Row, Share, share_of

__all__ = ["Cell", "Figures", "Quarter", "Row", "Share", "figures", "share_of"]
